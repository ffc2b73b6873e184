using VolunteerBook.Identity;
using VolunteerBook.ServiceDefaults;

try
{
    var builder = WebApplication.CreateBuilder(args);
    var master = StartRefusals.CheckConfiguration(builder.Configuration, builder.Environment);
    builder.AddServiceDefaults();
    builder.AddProxies();
    builder.AddStore();
    builder.AddCookieKeys(master);
    builder.AddMail();
    builder.AddAccounts();
    builder.AddProviders();
    builder.AddServer();
    builder.AddAccountPages();

    var app = builder.Build();
    app.UseForwardedHeaders();
    app.UseAccountHeaders();
    app.UseServiceDefaults();
    app.MapAccountPages();
    Providers.Map(app);
    Authorize.Map(app);
    Token.Map(app);
    Userinfo.Map(app);
    Logout.Map(app);
    return await app.RunAsync(args, app.PrepareAsync);
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}
