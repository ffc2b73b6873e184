using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VolunteerBook.Mail;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Sends a link to who has forgotten their password. The answer is the same, in words and in time, whether or not the address has an account.
/// </summary>
public sealed class ForgottenModel(
    UserManager<Account> accounts, SignInManager<Account> signIn, AccountMail mail, IdentityStore store, Throttle throttle, IStringLocalizer<Texts> texts,
    TimeProvider clock) : FormPage
{
    // Longer than either way takes: what is left of the difference is waited away.
    static readonly TimeSpan Always = TimeSpan.FromMilliseconds(500);

    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    [BindProperty(SupportsGet = true)] public bool Sent { get; set; }

    [BindProperty] public string? Email { get; set; }

    public bool MailIsSent => mail.IsSent;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Sent = false;
        if (!mail.IsSent) return Page();

        var started = clock.GetTimestamp();
        var address = Email?.Trim() ?? "";
        if (MailMessage.CheckAddress("email", address) is not null) return Refused("email", texts["InvalidEmail", address]);
        if (!await throttle.TakeAsync(Throttle.Mailing(HttpContext, address)))
            return Refused("email", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        if (await accounts.FindByNameAsync(address) is { } account && await signIn.CanSignInAsync(account))
        {
            var link = mail.WithLink(account.Id, LinkPurpose.NewPassword, account.Email!);
            await mail.TellAsync(async () => await store.SaveChangesAsync() > 0, link);
        }

        if (Always - clock.GetElapsedTime(started) is { } rest && rest > TimeSpan.Zero) await Task.Delay(rest, clock);
        return RedirectToPage(new { ReturnUrl, sent = true });
    }
}
