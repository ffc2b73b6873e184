using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Peer;

/// <summary>
/// The least that a service behind the gateway can do: check the token as ours do, and make one insert, or send bytes that are there. Its rates are the limit
/// for any write and any read here.
/// </summary>
internal static class Floor
{
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var settings = builder.Configuration.GetSection("Authentication");
        // As in ServiceDefaults/SignIn.cs, without what else our services have in common.
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = settings["Authority"];
            options.Audience = settings["Audience"];
            options.RequireHttpsMetadata = builder.Environment.IsProduction();
            options.MapInboundClaims = false;
            options.TokenValidationParameters.NameClaimType = "name";
            options.TokenValidationParameters.RoleClaimType = "role";
            options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        });
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Volunteer, policy => policy.RequireAssertion(context => new Caller(context.User).IsPerson));
        await using var database = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("peer")!);
        await using (var create = database.CreateCommand("create table if not exists entries (id uuid primary key, data jsonb not null)"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/alive", () => "alive");
        var api = app.MapGroup("/api/v1").RequireAuthorization(Policies.Volunteer);
        api.MapPost("/entries", async (JsonElement entry, CancellationToken ct) =>
        {
            var id = Guid.CreateVersion7();
            await using var insert = database.CreateCommand("insert into entries (id, data) values ($1, $2)");
            insert.Parameters.Add(new() { Value = id });
            insert.Parameters.Add(new() { Value = entry.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb });
            await insert.ExecuteNonQueryAsync(ct);
            return TypedResults.Created($"/api/v1/entries/{id}", new { id });
        });
        // Whatever is put here is what is read from then on.
        byte[] book = [];
        api.MapPut("/book", async (HttpContext http) =>
        {
            using var bytes = new MemoryStream();
            await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
            book = bytes.ToArray();
        });
        api.MapGet("/book", (HttpContext http) =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            return http.Response.Body.WriteAsync(book, http.RequestAborted).AsTask();
        });
        await app.RunAsync();
    }
}
