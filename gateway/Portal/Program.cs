using VolunteerBook.Design;
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
// What a page keeps secret from other sites is written anew, and differently, in every answer: its length tells nothing (BREACH).
builder.Services.AddResponseCompression(options => options.EnableForHttps = true);

var app = builder.Build();

app.UseForwardedHeaders();
app.UseResponseCompression();
app.UseSecurityHeaders();
app.UseLanguages();
app.UseErrorPages();
app.UseHead();
app.UseAuthentication();
app.UseAuthorization();
app.UseReceivedForms();
app.UseAntiforgery();
app.UseKeptForms();

app.MapStaticAssets();
app.MapLook();
app.MapHealth();
app.MapSignIn();
app.MapSignOutElsewhere();
app.MapLanguages();
app.MapThemes();
app.MapDownloads();
app.MapRazorComponents<App>();

return await app.RunAsync(args);
