using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using QRCoder;

namespace VolunteerBook.Identity.Pages;

/// <summary>Sets up the codes that are asked for after the password, gives out codes to be written down, and turns both off.</summary>
public sealed partial class CodesModel(
    SecondStep second, UserManager<Account> accounts, Throttle throttle, AccountMail mail, IStringLocalizer<Texts> texts) : SignedInPage
{
    [BindProperty] public string? Code { get; set; }

    /// <summary>The key as it is typed into an application; nothing before it is set up, and after.</summary>
    public string? Key { get; private set; }

    /// <summary>The same as a QR code, an SVG of dark and light squares.</summary>
    public string Picture { get; private set; } = "";

    /// <summary>Codes to be written down: shown in this answer, and never again.</summary>
    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    public bool HasJustBegun { get; private set; }

    /// <summary>How many of those are left that were given out.</summary>
    public int Left { get; private set; }

    protected override bool WantsRecentSignIn => true;

    public async Task OnGetAsync()
    {
        if (Account.TwoFactorEnabled) Left = await second.LeftAsync(Account);
        else ShowKey();
    }

    public async Task<IActionResult> OnPostBeginAsync()
    {
        if (Account.TwoFactorEnabled) return RedirectToPage();

        second.NewKey(Account);
        await accounts.UpdateAsync(Account);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostTurnOnAsync()
    {
        if (Account.TwoFactorEnabled || Account.CodeKey is null) return RedirectToPage();

        ShowKey();
        var limits = throttle.SecondStep(HttpContext, Account);
        if (!await throttle.TakeAsync(limits)) return Refused("code", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        var isRight = false;
        var done = await mail.TellAsync(
            async () =>
            {
                if (!(isRight = await second.TakeCodeAsync(Account, Code ?? ""))) return false;

                Account.TwoFactorEnabled = true;
                return (await accounts.UpdateAsync(Account)).Succeeded && (RecoveryCodes = await second.NewRecoveryCodesAsync(Account)).Count > 0;
            },
            mail.Of("CodesOn", Account.Email!));
        if (!isRight) return Refused("code", texts["CodeWrong"]);
        if (!done) return Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);

        await throttle.GiveBackAsync(limits);
        HasJustBegun = true;
        return Page();
    }

    public async Task<IActionResult> OnPostRenewAsync()
    {
        if (!Account.TwoFactorEnabled) return RedirectToPage();

        await mail.TellAsync(
            async () => (RecoveryCodes = await second.NewRecoveryCodesAsync(Account)).Count > 0, mail.Of("RecoveryCodesNew", Account.Email!));
        return Page();
    }

    public async Task<IActionResult> OnPostTurnOffAsync()
    {
        if (!Account.TwoFactorEnabled) return RedirectToPage();

        var done = await mail.TellAsync(
            async () =>
            {
                await second.TurnOffAsync(Account);
                return (await accounts.UpdateAsync(Account)).Succeeded;
            },
            mail.Of("CodesOff", Account.Email!));
        return done ? RedirectToPage("/Account", new { done = "CodesOff" }) : Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);
    }

    void ShowKey()
    {
        if (Account.CodeKey is null) return;

        var key = second.Key(Account);
        Key = Fours().Replace(Totp.Base32(key), "$0 ").TrimEnd();
        Picture = Draw(Totp.Address(key, texts["Product"], Account.UserName!), texts["CodesPicture"]);
    }

    // Light and dark whatever the page's colours are: a camera reads it.
    static string Draw(string text, string name)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var (rows, path) = (code.ModuleMatrix, new StringBuilder());
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                if (rows[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }

        return $"<svg class=\"code\" role=\"img\" aria-label=\"{name}\" viewBox=\"0 0 {rows.Count} {rows.Count}\" shape-rendering=\"crispEdges\">"
            + $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/><path fill=\"black\" d=\"{path}\"/></svg>";
    }

    [GeneratedRegex(".{4}")]
    private static partial Regex Fours();
}
