using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

// GET or POST /connect/authorize: OpenIddict has checked client, redirect address, scopes and PKCE before this is reached.
public static class Authorize
{
    /// <summary>When the person last showed who they are; kept in the cookie, because its own issue date moves when it is renewed.</summary>
    public const string SignedInAt = "signed_in_at";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/connect/authorize", [HttpMethods.Get, HttpMethods.Post], Handle).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    static async Task<IResult> Handle(HttpContext http, UserManager<Account> accounts, SignInManager<Account> signIn, Sessions sessions, TimeProvider clock)
    {
        if (http.ErrorPage() is { } error) return error;

        var request = http.OpenIdRequest();
        var session = await http.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        var account = session.Succeeded ? await accounts.GetUserAsync(session.Principal) : null;
        var signedInAt = SignIns.At(session.Properties);

        if (account is null || !await signIn.CanSignInAsync(account) || MustAskAgain(request, signedInAt, clock.GetUtcNow()))
        {
            return request.HasPromptValue(PromptValues.None)
                ? Server.Refuse(Errors.LoginRequired, "The person is not signed in.")
                : Results.Redirect(AccountPage(http, request));
        }

        var id = Sessions.Of(session.Properties);
        await sessions.NoteAsync(id, request.ClientId!);
        return Results.SignIn(Principals.Person(account, request.GetScopes(), id, signedInAt), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    // Pure: whether the request wants the person to sign in again although they are signed in.
    static bool MustAskAgain(OpenIddictRequest request, DateTimeOffset? signedInAt, DateTimeOffset now) =>
        request.HasPromptValue(PromptValues.Login) || request.HasPromptValue(PromptValues.Create) || request.HasPromptValue(PromptValues.SelectAccount)
        || (request.MaxAge is { } seconds && (signedInAt is null || now - signedInAt > TimeSpan.FromSeconds(seconds)));

    // The person comes back to this request, without the prompt that has then been answered.
    static string AccountPage(HttpContext http, OpenIddictRequest request)
    {
        var parameters = http.Request.HasFormContentType ? http.Request.Form.AsEnumerable() : http.Request.Query;
        var back = http.Request.PathBase + http.Request.Path + QueryString.Create(parameters.Where(p => p.Key is not (Parameters.Prompt or Parameters.MaxAge)));
        var query = QueryString.Create("returnUrl", back);
        if (Language(request) is { } language) query = query.Add("culture", language);
        return (request.HasPromptValue(PromptValues.Create) ? "/account/register" : "/account/sign-in") + query;
    }

    static string? Language(OpenIddictRequest request) =>
        request.UiLocales?.Split(' ').Select(locale => locale.Split('-')[0]).FirstOrDefault(AccountPages.Languages.Contains);
}
