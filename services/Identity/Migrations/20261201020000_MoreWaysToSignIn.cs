using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VolunteerBook.Identity.Migrations;

// Passkeys come with the third version of ASP.NET Core Identity's schema; the second gave some texts a length. Nothing is in these columns so far.
/// <inheritdoc />
[DbContext(typeof(IdentityStore))]
[Migration("20261201020000_MoreWaysToSignIn")]
public sealed class MoreWaysToSignIn : Migration
{
    static readonly (string Table, string Column)[] Bounded =
    [
        ("accounts", "PhoneNumber"), ("account_tokens", "Name"), ("account_tokens", "LoginProvider"), ("account_logins", "ProviderKey"),
        ("account_logins", "LoginProvider"),
    ];

    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var (table, column) in Bounded) migrationBuilder.Sql($"ALTER TABLE {table} ALTER COLUMN \"{column}\" TYPE character varying(256)");
        migrationBuilder.AddColumn<byte[]>("CodeKey", "accounts", type: "bytea", nullable: true);
        migrationBuilder.AddColumn<long>("CodeStep", "accounts", type: "bigint", nullable: false, defaultValue: 0L);
        migrationBuilder.CreateTable(
            name: "account_passkeys",
            columns: table => new
            {
                CredentialId = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                UserId = table.Column<Guid>(type: "uuid", nullable: false),
                Data = table.Column<string>(type: "jsonb", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_account_passkeys", passkey => passkey.CredentialId);
                table.ForeignKey("FK_account_passkeys_accounts_UserId", passkey => passkey.UserId, "accounts", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_account_passkeys_UserId", "account_passkeys", "UserId");
        migrationBuilder.CreateTable(
            name: "account_recovery_codes",
            columns: table => new
            {
                AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                Hash = table.Column<byte[]>(type: "bytea", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_account_recovery_codes", code => new { code.AccountId, code.Hash });
                table.ForeignKey(
                    "FK_account_recovery_codes_accounts_AccountId", code => code.AccountId, "accounts", "Id", onDelete: ReferentialAction.Cascade);
            });
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("account_recovery_codes");
        migrationBuilder.DropTable("account_passkeys");
        migrationBuilder.DropColumn("CodeStep", "accounts");
        migrationBuilder.DropColumn("CodeKey", "accounts");
        foreach (var (table, column) in Bounded) migrationBuilder.Sql($"ALTER TABLE {table} ALTER COLUMN \"{column}\" TYPE text");
    }
}
