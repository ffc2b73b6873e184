using VolunteerBook.Portal;
using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Pages;

var builder = WebApplication.CreateBuilder(args);

builder.AddSignIn();
builder.AddGatewayApi();
builder.AddLanguages();
builder.Services.AddKeptForms();
builder.Services.AddRazorComponents();

var app = builder.Build();

app.UseForwardedHeaders();
app.UseSecurityHeaders();
app.UseLanguages();
app.UseErrorPages();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapStaticAssets();
app.MapSignIn();
app.MapLanguages();
app.MapRazorComponents<App>();

app.Run();
