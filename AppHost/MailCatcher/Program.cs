using VolunteerBook.Design;
using VolunteerBook.MailCatcher;

// SmtpPort: where mail is taken, on loopback alone. The pages are where ASP.NET Core is told to listen.
var builder = WebApplication.CreateBuilder(args);
builder.AddLook();
builder.Services.AddSingleton(TimeProvider.System).AddSingleton<CaughtMails>().AddHostedService<Catcher>().AddHealthChecks();

var app = builder.Build();
app.UseLook();
app.MapHealthChecks("/health");
CaughtMailPages.Map(app);
await app.RunAsync();
