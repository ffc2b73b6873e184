using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Makes an account: an e-mail address and a password. Who the person is, they tell Profiles later. The answer is the same, in words and in time, whether or
/// not the address has an account already: both end at the sign-in page.
/// </summary>
public sealed class RegisterModel(
    UserManager<Account> accounts, NormalisedPasswords passwords, IPasswordValidator<Account> fit,
    Throttle throttle, IStringLocalizer<Texts> texts, TimeProvider clock) : PageModel
{
    // No mail goes to a longer one (RFC 5321, section 4.5.3.1.3), and the accounts' table has room for no longer name.
    const int LongestAddress = 254;

    // Longer than either way takes: what is left of the difference (an insert) is waited away.
    static readonly TimeSpan Always = TimeSpan.FromMilliseconds(500);

    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    [BindProperty] public string? UserName { get; set; }

    [BindProperty] public string? Password { get; set; }

    [BindProperty] public string? Repeated { get; set; }

    public IReadOnlyList<string> Failures { get; private set; } = [];

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var started = clock.GetTimestamp();
        var email = UserName?.Trim() ?? "";
        if (email.Length > LongestAddress || !MailAddress.TryCreate(email, out var address) || address.Address != email)
            return Refused(StatusCodes.Status400BadRequest, texts["InvalidEmail", email]);
        if (Password != Repeated) return Refused(StatusCodes.Status400BadRequest, texts["PasswordsDiffer"]);

        var account = new Account { Id = Guid.CreateVersion7(), UserName = email, Email = email };
        var fits = await fit.ValidateAsync(accounts, account, Password);
        if (!fits.Succeeded) return Refused(StatusCodes.Status400BadRequest, [.. fits.Errors.Select(error => error.Description)]);
        if (!await throttle.TakeAsync(Throttle.Registering(HttpContext))) return Refused(StatusCodes.Status429TooManyRequests, texts["TooManyTries"]);

        if (await accounts.FindByNameAsync(email) is null)
        {
            var made = await accounts.CreateAsync(account, Password!);
            var others = made.Errors.Where(error => !error.Code.StartsWith("Duplicate", StringComparison.Ordinal))
                .Select(error => error.Description).Distinct().ToArray();
            if (others.Length > 0) return Refused(StatusCodes.Status400BadRequest, others);
        }
        else
        {
            passwords.HashPassword(account, Password!);
        }

        if (Always - clock.GetElapsedTime(started) is { } rest && rest > TimeSpan.Zero) await Task.Delay(rest, clock);
        return RedirectToPage("/SignIn", new { ReturnUrl, registered = true });
    }

    PageResult Refused(int status, params string[] failures)
    {
        Response.StatusCode = status;
        Failures = failures;
        return Page();
    }
}
