using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>Asks before the session ends, as any page could have sent the person here.</summary>
public sealed class SignOutModel(SignInManager<Account> signIn, UserManager<Account> accounts, Sessions sessions) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>The account has just been closed.</summary>
    [BindProperty(SupportsGet = true)] public bool Closed { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var cookie = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (cookie.Succeeded) await sessions.EndAsync(Sessions.Of(cookie.Properties), accounts.GetUserId(cookie.Principal));
        await signIn.SignOutAsync();
        return Written.LocalAddress(ReturnUrl) is { } back ? LocalRedirect(back) : RedirectToPage();
    }
}
