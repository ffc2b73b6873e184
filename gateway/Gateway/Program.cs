using VolunteerBook.Gateway;
using VolunteerBook.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddNoSignIn();
builder.AddProxies();
builder.AddRequestLimits();
builder.AddRateLimits();
builder.AddCrossOrigin();
builder.AddRoutes();
builder.AddApiDocument();

var app = builder.Build();
app.UseNoSignIn();
app.UseExceptionHandler();
app.UseProxies();
app.UseSecurityHeaders();
app.UseCorrelation();
app.UseCrossOrigin();
app.UseRateLimits();
app.UseStreams();
app.UseRequestLimits();
app.MapHealthChecks("/health");
app.MapHealthChecks("/alive", new() { Predicate = _ => false });
app.MapApiDocument();
app.MapRoutes();
await app.RunAsync();
