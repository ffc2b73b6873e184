using Microsoft.AspNetCore.Identity;

namespace VolunteerBook.Identity;

/// <summary>Who may sign in at all: a demo account only while the demo switch is on.</summary>
public sealed class MaySignIn(IConfiguration configuration) : IUserConfirmation<Account>
{
    public Task<bool> IsConfirmedAsync(UserManager<Account> manager, Account user) => Task.FromResult(!user.IsDemo || DemoAccounts.Enabled(configuration));
}
