using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace VolunteerBook.Identity.Pages;

/// <summary>A page for who is signed in here; everybody else signs in first and comes back.</summary>
public abstract class SignedInPage : FormPage
{
    /// <summary>Whose page it is.</summary>
    public Account Account { get; private set; } = null!;

    /// <summary>What the cookie says beside that.</summary>
    protected AuthenticationProperties Cookie { get; private set; } = null!;

    /// <summary>The session that the cookie is of.</summary>
    protected Guid? Session => Sessions.Of(Cookie);

    /// <summary>The page changes how the account is signed in to: who has not shown lately who they are does so first.</summary>
    protected virtual bool WantsRecentSignIn => false;

    /// <summary>Whether the form is for a demo account too. The others change what everybody shares.</summary>
    protected virtual bool IsForDemo => false;

    /// <summary>Whether the person has.</summary>
    protected bool IsRecent => SignIns.At(Cookie) > Services.GetRequiredService<TimeProvider>().GetUtcNow() - SignIns.Recent;

    /// <summary>To the sign-in page, and back here.</summary>
    protected RedirectToPageResult SignInFirst() => RedirectToPage("/SignIn", new { returnUrl = Request.Path + Request.QueryString });

    IServiceProvider Services => HttpContext.RequestServices;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var cookie = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (!cookie.Succeeded || await Services.GetRequiredService<UserManager<Account>>().GetUserAsync(cookie.Principal) is not { } account)
        {
            context.Result = SignInFirst();
            return;
        }

        (Account, Cookie) = (account, cookie.Properties!);
        if (account.IsDemo && !IsForDemo && HttpMethods.IsPost(Request.Method)) context.Result = RefusedOfDemo();
        else if (WantsRecentSignIn && !IsRecent) context.Result = RedirectToPage("/Again", new { returnUrl = Request.Path + Request.QueryString });
        else await next();
    }
}
