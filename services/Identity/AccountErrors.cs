using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity;

/// <summary>What is wrong with a new account, in the reader's language.</summary>
public sealed class AccountErrors(IStringLocalizer<Texts> texts) : IdentityErrorDescriber
{
    public override IdentityError InvalidUserName(string? userName) => Error(nameof(InvalidEmail), userName ?? "");

    public override IdentityError InvalidEmail(string? email) => Error(nameof(InvalidEmail), email ?? "");

    IdentityError Error(string code, params object[] arguments) => new() { Code = code, Description = texts[code, arguments] };
}
