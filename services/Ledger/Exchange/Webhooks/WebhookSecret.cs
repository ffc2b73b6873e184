using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// A webhook's secret as the table holds it: under the ledger's master key, bound to its agency. Rows made before that was so hold the
/// secret itself, and are known by their length.
/// </summary>
internal static class WebhookSecret
{
    /// <summary>What is stored.</summary>
    public static byte[] Hide(MasterKey master, Guid agency, byte[] secret) => master.Protect(secret, Purpose(agency));

    /// <summary>The secret.</summary>
    public static byte[] Open(MasterKey master, Guid agency, byte[] stored) =>
        stored.Length == StandardWebhook.SecretLength ? stored : master.Unprotect(stored, Purpose(agency));

    private static string Purpose(Guid agency) => $"webhook-secret {agency}";
}
