using System.Text;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Portal.Forms;

/// <summary>Certificates and signatures that come as files: bytes of ASN.1 (DER), or text that has them in base64.</summary>
public static class Encoded
{
    const int LongestSignature = 192 * 1024;

    /// <summary>DER as base64; anything else as the text that it is.</summary>
    public static string Text(byte[] file) => file is [0x30, >= 0x80, ..] ? Convert.ToBase64String(file) : Encoding.ASCII.GetString(file).Trim();

    /// <summary>
    /// The signature of a form: made in the browser (JWS compact), or a file with a detached CMS, then base64 without white space. Null where there is none.
    /// </summary>
    public static async Task<string?> Signature(Form form, IStringLocalizer t, CancellationToken ct)
    {
        if (form["signing"] != "cms") return form.Text("signature");
        if (!form.Files.TryGetValue("cms", out var chosen) || chosen.Length > LongestSignature || await form.ReadFile("cms", t, ct) is not { } file)
            return null;

        // PEM has a line before and a line after.
        var lines = Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("-----", StringComparison.Ordinal));
        return string.Concat(string.Concat(lines).Where(sign => !char.IsWhiteSpace(sign)));
    }
}
