using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace VolunteerBook.Identity;

/// <summary>Accounts, clients, tokens and keys in one PostgreSQL database.</summary>
public sealed class IdentityStore(DbContextOptions<IdentityStore> options)
    : IdentityUserContext<Account, Guid>(options), IDataProtectionKeyContext
{
    /// <summary>Keys that sign and encrypt tokens, themselves encrypted under the master key.</summary>
    public DbSet<TokenKey> TokenKeys => Set<TokenKey>();

    /// <summary>Keys that protect cookies and antiforgery tokens, shared by all instances.</summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Who is signed in where.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Links in mails that are still good for something.</summary>
    public DbSet<AccountLink> Links => Set<AccountLink>();

    /// <summary>Codes that were written down for when the authenticator application is away.</summary>
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Account>(account =>
        {
            account.ToTable("accounts");
            // Moved on by SecondStep's own statement alone: whoever saves an account that they read before must not move it back.
            account.Property(a => a.CodeStep).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        });
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("account_passkeys");
        builder.Entity<RecoveryCode>(code =>
        {
            code.ToTable("account_recovery_codes");
            code.HasKey(c => new { c.AccountId, c.Hash });
            code.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId);
        });
        builder.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.Property(s => s.Browser).HasMaxLength(Session.LongestBrowser);
            session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId);
        });
        builder.Entity<AccountLink>(link =>
        {
            link.ToTable("account_links");
            link.HasKey(l => l.Hash);
            link.Property(l => l.Purpose).HasConversion<string>().HasMaxLength(16);
            link.Property(l => l.Address).HasMaxLength(256);
            link.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId);
        });
        builder.Entity<TokenKey>(key =>
        {
            key.ToTable("token_keys");
            key.Property(k => k.Use).HasConversion<string>().HasMaxLength(16);
        });
    }
}
