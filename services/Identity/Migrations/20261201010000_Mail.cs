using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using VolunteerBook.Mail;

#nullable disable

namespace VolunteerBook.Identity.Migrations;

// The mail itself is not part of the model: MailTable says what it is and writes it.
/// <inheritdoc />
[DbContext(typeof(IdentityStore))]
[Migration("20261201010000_Mail")]
public sealed class MailAndLinks : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(MailTable.Ensure);
        migrationBuilder.CreateTable(
            name: "account_links",
            columns: table => new
            {
                Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                Purpose = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                Address = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                Until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_account_links", link => link.Hash);
                table.ForeignKey("FK_account_links_accounts_AccountId", link => link.AccountId, "accounts", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex("IX_account_links_AccountId", "account_links", "AccountId");
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable("account_links");
        migrationBuilder.DropTable(MailTable.Name);
    }
}
