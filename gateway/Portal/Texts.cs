namespace VolunteerBook.Portal;

/// <summary>Marks the resource files Resources/Texts.resx (Russian) and Resources/Texts.en.resx.</summary>
public sealed class Texts;
