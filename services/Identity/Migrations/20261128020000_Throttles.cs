using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VolunteerBook.Identity.Migrations;

// Not part of the model: Throttle.cs counts in one statement.
/// <inheritdoc />
[DbContext(typeof(IdentityStore))]
[Migration("20261128020000_Throttles")]
public sealed class ThrottleTable : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE UNLOGGED TABLE throttles (key bytea PRIMARY KEY, level float8 NOT NULL, at timestamptz NOT NULL)");

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("throttles");
}
