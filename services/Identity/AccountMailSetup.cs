using Npgsql;
using VolunteerBook.Mail;

namespace VolunteerBook.Identity;

/// <summary>Registration.</summary>
public static class AccountMailSetup
{
    /// <summary>Lets accounts be written to, where <c>Mail:Host</c> is set.</summary>
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var settings = MailSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(services => new MailSender(
            settings, services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<MailSender>>()));
        builder.Services.AddSingleton<SendMail>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SendMail>());
        builder.Services.AddScoped<AccountMail>().AddScoped<AccountLinks>();
    }
}
