namespace VolunteerBook.Portal.Forms;

/// <summary>What a form with a file may take.</summary>
public static class FilesOfForms
{
    /// <summary>
    /// As much as the gateway lets through: who sends more than its page takes then hears of the page's own bound, and not of a connection that was closed.
    /// </summary>
    public const long MostBytes = (64 * 1024 * 1024) + (64 * 1024);
}
