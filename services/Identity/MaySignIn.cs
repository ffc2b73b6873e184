using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using VolunteerBook.Contracts.Vocabulary;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>Who may sign in at all: a demo account only while the demo switch is on.</summary>
public sealed class MaySignIn(IConfiguration configuration) : IUserConfirmation<Account>
{
    public Task<bool> IsConfirmedAsync(UserManager<Account> manager, Account user) => Task.FromResult(!user.IsDemo || DemoAccounts.Enabled(configuration));
}
