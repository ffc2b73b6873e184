namespace VolunteerBook.Testing;

/// <summary>Folders that are gone when the tests end.</summary>
public static class TemporaryFolders
{
    /// <summary>A new one, and its path.</summary>
    public static string New()
    {
        var folder = Directory.CreateTempSubdirectory("volunteerbook-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
