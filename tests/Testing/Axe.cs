using Deque.AxeCore.Commons;

namespace VolunteerBook.Testing;

/// <summary>
/// axe-core as two scripts for any browser's page. Straight, and not through axe's package for Playwright: that opens a second window each time for
/// the sake of frames, of which no page of ours has any, and takes thrice as long.
/// </summary>
public static class Axe
{
    /// <summary>Brings axe into the page.</summary>
    public static string Script { get; } = new BundledAxeScriptProvider().GetScript();

    /// <summary>
    /// What the page has against WCAG 2.2 A and AA, the size of what is pressed among it, and axe's own best practices: a text for each rule that is broken.
    /// </summary>
    public const string Violations =
        "async () => (await axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }))"
        + ".violations.map(broken => `${broken.id}: ${broken.nodes.map(node => node.html).join(', ')}`)";
}
