using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Identity;

/// <summary>
/// The administrator of a new installation (<c>Identity:FirstAdministrator:UserName</c> and <c>:Password</c>): somebody has to approve
/// the first organisation. Made while there is no administrator: who has changed the password or the address since stays as they are.
/// </summary>
public static class FirstAdministrator
{
    public static async Task RegisterAsync(IServiceProvider services)
    {
        var settings = services.GetRequiredService<IConfiguration>().GetSection("Identity:FirstAdministrator");
        if (settings["UserName"] is not { Length: > 0 } userName || settings["Password"] is not { Length: > 0 } password) return;

        var accounts = services.GetRequiredService<UserManager<Account>>();
        if (await accounts.Users.AnyAsync(account => !account.IsDemo && account.Roles.Contains(AccountRoles.Administrator))) return;

        // Anyone could have registered the address before it was configured; a role is not given to a stranger.
        if (await accounts.FindByNameAsync(userName) is not null)
            throw new StartRefusedException("the account of Identity:FirstAdministrator exists and is not an administrator.");

        var made = await accounts.CreateAsync(
            new() { Id = Guid.CreateVersion7(), UserName = userName, Email = userName, Roles = [AccountRoles.Administrator] }, password);
        if (!made.Succeeded) throw new StartRefusedException("Identity:FirstAdministrator: " + string.Join(" ", made.Errors.Select(e => e.Description)));
    }
}
