using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

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

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Account>().ToTable("accounts");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("account_tokens");
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
