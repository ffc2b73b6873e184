using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace VolunteerBook.Identity;

/// <summary>Hashes passwords in one form of their letters. Hashes made before that was so are still known by what was typed.</summary>
public sealed class NormalisedPasswords(PasswordHasher<Account> hasher) : IPasswordHasher<Account>
{
    // So that an address without an account, or an account without a password, takes as long as a wrong password.
    readonly string nobodys = hasher.HashPassword(new(), RandomNumberGenerator.GetHexString(32));

    public string HashPassword(Account user, string password) => hasher.HashPassword(user, Passwords.Normalise(password));

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        var normal = Passwords.Normalise(providedPassword);
        var result = hasher.VerifyHashedPassword(user, hashedPassword, normal);
        return result is not PasswordVerificationResult.Failed || normal == providedPassword ? result
            : hasher.VerifyHashedPassword(user, hashedPassword, providedPassword) is PasswordVerificationResult.Failed ? PasswordVerificationResult.Failed
            : PasswordVerificationResult.SuccessRehashNeeded;
    }

    /// <summary>Takes as long as a check of a password.</summary>
    public void CheckNobodys(string password) => VerifyHashedPassword(new(), nobodys, password);
}
