using VolunteerBook.Portal;
using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Pages;
using VolunteerBook.Portal.Store;
using VolunteerBook.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPortalStore();
builder.AddSignIn();
builder.AddGatewayApi();
builder.AddLanguages();
builder.Services.AddErrorPages();
builder.Services.AddRazorComponents();
builder.AddLook();

var app = builder.Build();

app.UseForwardedHeaders();
app.UseLook();
app.UseSecurityHeaders();
app.UseLanguages();
app.UseErrorPages();
app.UseHead();
app.UseOwnAddresses();
app.UseAuthentication();
app.UseAuthorization();
app.UseReceivedForms();
app.UseAntiforgery();
app.UseKeptForms();

app.MapStaticAssets();
app.MapHealth();
app.MapSignIn();
app.MapChoices();
app.MapDownloads();
app.MapSiteFiles();
app.MapNotifications();
app.MapRazorComponents<App>();
return await app.RunAsync(args);
