namespace VolunteerBook.Identity;

/// <summary>What the pages say; see Resources/Texts.resx (Russian) and Texts.en.resx.</summary>
public sealed class Texts;
