using VolunteerBook.Portal;
using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Pages;
using VolunteerBook.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddSignIn();
builder.AddGatewayApi();
builder.AddLanguages();
builder.Services.AddKeptForms();
builder.Services.AddErrorPages();
builder.Services.AddRazorComponents();

var app = builder.Build();

app.UseForwardedHeaders();
app.UseSecurityHeaders();
app.UseLanguages();
app.UseErrorPages();
app.UseHead();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.UseKeptForms();

app.MapStaticAssets();
app.MapHealth();
app.MapSignIn();
app.MapLanguages();
app.MapDownloads();
app.MapRazorComponents<App>();

app.Run();
