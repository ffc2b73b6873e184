using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.WebEncoders;

namespace VolunteerBook.Identity;

/// <summary>What the pages say; see Resources/Texts.resx (Russian) and Texts.en.resx.</summary>
public sealed class Texts;
