using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>Asks for a code after the password: of the application, or one that was written down.</summary>
public sealed class SecondStepModel(
    SecondStep second, SignIns signIns, SignInManager<Account> signIn, Throttle throttle, AccountMail mail, IStringLocalizer<Texts> texts) : FormPage
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    [BindProperty] public string? Code { get; set; }

    public async Task<IActionResult> OnGetAsync() => await second.AskedAsync(HttpContext) is null ? FromTheBeginning() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await second.AskedAsync(HttpContext) is not var (account, remember, shown) || !await signIn.CanSignInAsync(account)) return FromTheBeginning();

        var limits = throttle.SecondStep(HttpContext, account);
        if (!await throttle.TakeAsync(limits)) return Refused("code", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        var code = Code ?? "";
        if (!await second.TakeCodeAsync(account, code))
        {
            if (!await mail.TellAsync(() => second.TakeRecoveryCodeAsync(account, code), mail.Of("RecoveryCodeUsed", account.Email!)))
                return Refused("code", texts["CodeWrong"]);
        }

        await throttle.GiveBackAsync(limits);
        SecondStep.Done(HttpContext);
        await signIns.BeginAsync(HttpContext, account, remember, shown);
        return Onwards(ReturnUrl);
    }

    RedirectToPageResult FromTheBeginning() => RedirectToPage("/SignIn", new { ReturnUrl });
}
