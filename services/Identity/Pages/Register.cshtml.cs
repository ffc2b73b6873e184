using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>Makes an account: an e-mail address and a password. Who the person is, they tell Profiles later.</summary>
public sealed class RegisterModel(
    UserManager<Account> accounts, SignInManager<Account> signIn, IStringLocalizer<Texts> texts, TimeProvider clock) : PageModel
{
    // No mail goes to a longer one (RFC 5321, section 4.5.3.1.3), and the accounts' table has room for no longer name.
    const int LongestAddress = 254;

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
        var email = UserName?.Trim() ?? "";
        if (email.Length > LongestAddress || !MailAddress.TryCreate(email, out var address) || address.Address != email) return Refused(texts["InvalidEmail", email]);
        if (Password != Repeated) return Refused(texts["PasswordsDiffer"]);

        var account = new Account { Id = Guid.CreateVersion7(), UserName = email, Email = email };
        var made = await accounts.CreateAsync(account, Password ?? "");
        if (!made.Succeeded) return Refused([.. made.Errors.Select(error => error.Description).Distinct()]);

        await SignInModel.SignInAsync(signIn, account, remember: false, clock.GetUtcNow());
        return LocalRedirect(Written.LocalAddress(ReturnUrl) ?? "/");
    }

    PageResult Refused(params string[] failures)
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        Failures = failures;
        return Page();
    }
}
