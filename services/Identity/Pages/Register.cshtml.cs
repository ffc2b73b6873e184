using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using VolunteerBook.Mail;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Makes an account: an e-mail address and a password. Who the person is, they tell Profiles later. The answer is the same, in words and in time, whether or
/// not the address has an account already: both end at the sign-in page, and both send the address a mail.
/// </summary>
public sealed class RegisterModel(
    UserManager<Account> accounts, NormalisedPasswords passwords, IPasswordValidator<Account> fit, AccountMail mail,
    Throttle throttle, IConfiguration configuration, IStringLocalizer<Texts> texts, TimeProvider clock) : FormPage
{
    // Longer than either way takes: what is left of the difference is waited away.
    static readonly TimeSpan Always = TimeSpan.FromMilliseconds(500);

    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    [BindProperty] public string? UserName { get; set; }

    [BindProperty] public string? Password { get; set; }

    [BindProperty] public string? Repeated { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var started = clock.GetTimestamp();
        var email = UserName?.Trim() ?? "";
        if (MailMessage.CheckAddress("userName", email) is not null) return Refused("userName", texts["InvalidEmail", email]);
        if (DemoAccounts.Keeps(email, configuration)) return Refused("userName", texts["DemoAddress"]);
        if (Password != Repeated) return Refused("repeated", texts["PasswordsDiffer"]);

        var account = new Account { Id = Guid.CreateVersion7(), UserName = email, Email = email };
        if (await fit.ValidateAsync(accounts, account, Password) is { Succeeded: false } unfit) return Refused("password", unfit.Errors.First().Description);
        if (!await throttle.TakeAsync(Throttle.Registering(HttpContext))) return Refused("", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        if (await accounts.FindByNameAsync(email) is not null)
        {
            passwords.HashPassword(account, Password!);
            if (await throttle.TakeAsync(Throttle.Mailing(HttpContext, email))) await mail.TellAsync(mail.Of("Registered", email));
        }
        else if (await MakeAsync(account, email) is { } error)
        {
            return Refused("userName", error);
        }

        if (Always - clock.GetElapsedTime(started) is { } rest && rest > TimeSpan.Zero) await Task.Delay(rest, clock);
        return RedirectToPage("/SignIn", new { ReturnUrl, registered = true });
    }

    // Whoever was faster with the same address has the account; the answer is the same.
    async Task<string?> MakeAsync(Account account, string email)
    {
        var made = IdentityResult.Success;
        try
        {
            await mail.TellAsync(
                async () => (made = await accounts.CreateAsync(account, Password!)).Succeeded,
                mail.WithLink(account.Id, LinkPurpose.ConfirmAddress, email));
        }
        catch (DbUpdateException taken) when (Accounts.IsTaken(taken))
        {
            return null;
        }

        return made.Errors.FirstOrDefault(error => !error.Code.StartsWith("Duplicate", StringComparison.Ordinal))?.Description;
    }
}
