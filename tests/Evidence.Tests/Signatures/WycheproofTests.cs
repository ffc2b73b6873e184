using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>Figures that Project Wycheproof made to find faults in ECDSA and JWS (<c>Wycheproof/p256.json</c> says which).</summary>
[Trait("Feature", "N3")]
public sealed class WycheproofTests
{
    private static readonly JsonNode Figures =
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Signatures", "Wycheproof", "p256.json")))!;

    [Fact]
    public void every_signature_on_p_256_is_judged_as_it_should_be()
    {
        var (valid, invalid) = (0, 0);
        foreach (var group in Figures["ecdsa"]!.AsArray())
        {
            var key = new PublicJwk(group!["x"]!.GetValue<string>(), group["y"]!.GetValue<string>());
            foreach (var figure in group["tests"]!.AsArray())
            {
                var should = figure!["result"]!.GetValue<string>() == "valid";
                key.Verifies(Convert.FromHexString(figure["msg"]!.GetValue<string>()), Convert.FromHexString(figure["sig"]!.GetValue<string>()))
                    .ShouldBe(should, figure.ToJsonString());
                (valid, invalid) = should ? (valid + 1, invalid) : (valid, invalid + 1);
            }
        }

        (valid, invalid).ShouldBe((173, 89));
    }

    // A key for something else, on another curve or of another algorithm is none here: then nothing by it is valid. ES512, which the set has too, is not ours.
    [Fact]
    public void every_jws_is_judged_as_it_should_be_and_so_is_its_key()
    {
        var (valid, invalid, notOurs) = (0, 0, 0);
        foreach (var group in Figures["jws"]!.AsArray())
        {
            foreach (var figure in group!["tests"]!.AsArray())
            {
                var text = figure!["jws"] is JsonValue value && value.GetValueKind() == JsonValueKind.String
                    ? value.GetValue<string>()
                    : figure["jws"]!.ToJsonString();
                var stands = CompactJws.Read(text) is { } jws
                    && group["keys"]!.AsArray().Any(key => PublicJwk.Read(key) is { } read && jws.Verify(read) is null);
                var should = figure["result"]!.GetValue<string>() == "valid";
                if (should && group["keys"]![0]!["crv"]!.GetValue<string>() != "P-256")
                {
                    (stands, notOurs) = (true, stands ? notOurs : notOurs + 1);
                }

                stands.ShouldBe(should, figure.ToJsonString());
                (valid, invalid) = should ? (valid + 1, invalid) : (valid, invalid + 1);
            }
        }

        (valid + invalid, notOurs).ShouldBe((49, 2));
    }
}
