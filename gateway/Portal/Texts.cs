using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal;

/// <summary>Marks the resource files Resources/Texts.resx (Russian) and Resources/Texts.en.resx.</summary>
public sealed class Texts;
