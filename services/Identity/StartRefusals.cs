using Microsoft.EntityFrameworkCore;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>What Production must not run with. Looked at before anything is served.</summary>
public static class StartRefusals
{
    const int ShortestSecret = 20;

    /// <summary>Secrets that anyone can read in this project, or guess.</summary>
    static readonly string[] KnownSecrets = [DemoAccounts.ClientSecret, DemoAccounts.Password, "secret", "password", "changeme", "change-me"];

    /// <exception cref="StartRefusedException">The configuration is not fit to run with.</exception>
    public static MasterKey CheckConfiguration(IConfiguration configuration, IHostEnvironment environment)
    {
        if (string.IsNullOrEmpty(configuration.GetConnectionString("identity"))) throw new StartRefusedException("ConnectionStrings:identity is not set.");

        var master = MasterKey.From(configuration, "Identity", environment) ?? throw new StartRefusedException("Identity:MasterKey is not 32 bytes in base64.");
        if (!Uri.TryCreate(configuration["Identity:Issuer"], UriKind.Absolute, out var issuer) || issuer.Scheme is not ("http" or "https"))
        {
            throw new StartRefusedException("Identity:Issuer is not set to the public address, such as https://book.example/.");
        }

        foreach (var (id, client) in Clients.Configured(configuration))
        {
            if (client.Problem is { } problem) throw new StartRefusedException($"client {id}: {problem}");
        }

        foreach (var (id, provider) in Providers.Configured(configuration))
        {
            if (provider.Problem(environment.IsProduction()) is { } problem) throw new StartRefusedException($"provider {id}: {problem}");
        }

        if (environment.IsProduction()) CheckProduction(configuration, master, issuer);
        return master;
    }

    /// <exception cref="StartRefusedException">The database was filled for a demonstration and this is Production.</exception>
    public static async Task CheckDatabaseAsync(IHostEnvironment environment, IdentityStore store)
    {
        if (!environment.IsProduction()) return;

        if (await store.Users.AnyAsync(account => account.IsDemo))
        {
            throw new StartRefusedException("the database holds demo accounts, and the environment is Production; use another database.");
        }
    }

    static void CheckProduction(IConfiguration configuration, MasterKey master, Uri issuer)
    {
        if (DemoAccounts.Enabled(configuration)) throw new StartRefusedException("Demo:Accounts is on, and the environment is Production.");
        if (master.IsDevelopment) throw new StartRefusedException(
            "Identity:MasterKey is not set, or is the development key, and the environment is Production; make one with: openssl rand -base64 32");
        if (issuer.Scheme is not "https") throw new StartRefusedException("Identity:Issuer must be https, as the environment is Production.");

        foreach (var (id, client) in Clients.Configured(configuration))
        {
            if (client.Secret is not { } secret) continue;
            if (KnownSecrets.Contains(secret, StringComparer.OrdinalIgnoreCase))
                throw new StartRefusedException($"the secret of client {id} is a default one, and the environment is Production.");
            if (secret.Length < ShortestSecret)
                throw new StartRefusedException($"the secret of client {id} is shorter than {ShortestSecret} characters, and the environment is Production.");
        }

        if (configuration["Identity:FirstAdministrator:Password"] == DemoAccounts.Password)
            throw new StartRefusedException("the first administrator's password is the demo password, and the environment is Production.");
    }
}
