using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// What one benchmark found: medians over runs that took turns, so that a busy host slows both alike.
/// </summary>
/// <param name="Name">The word after <c>ONLY=</c>.</param>
/// <param name="Ours">The figure of each of our runs, in <see cref="Unit"/>.</param>
/// <param name="Peers">The figure of each of the peer's runs.</param>
/// <param name="RatioIsPeerOverOurs">Is the quotient the peer's figure over ours, or ours over the peer's?</param>
/// <param name="Conditions">What was measured from where to where, and on which machine.</param>
public sealed record BenchResult(
    string Name,
    IReadOnlyList<double> Ours,
    IReadOnlyList<double> Peers,
    bool RatioIsPeerOverOurs,
    string Conditions)
{
    /// <summary>Whom we are measured against.</summary>
    public string PeerName { get; init; } = "linux";

    /// <summary>What the figures are in.</summary>
    public string Unit { get; init; } = "s";

    /// <summary>Figures beside the point that explain it.</summary>
    public IReadOnlyDictionary<string, double> Details { get; init; } = new Dictionary<string, double>();

    /// <summary>Our median.</summary>
    public double Our => Median(Ours);

    /// <summary>Has the peer a figure at all? A guest that never speaks again has no silence.</summary>
    public bool HasPeer => Peers.Count > 0;

    /// <summary>The peer's median.</summary>
    public double Peer => Median(Peers);

    /// <summary>The quotient that the benchmark is about.</summary>
    public double Ratio => RatioIsPeerOverOurs ? Peer / Our : Our / Peer;

    /// <summary>The one line that scripts read.</summary>
    public string Line => HasPeer
        ? Invariant($"bench {Name}: hauki {Our:0.00} {Unit}, {PeerName} {Peer:0.00} {Unit}, ratio {Ratio:0.00}")
        : Invariant($"bench {Name}: hauki {Our:0.00} {Unit}, {PeerName} none");

    /// <summary>The value in the middle; of an even number of values, the mean of the two there.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

/// <summary>The file of the latest figures, one entry for each benchmark.</summary>
internal static class BenchReport
{
    // Read by people, too: an apostrophe stays one.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Puts a result into the file; those of other benchmarks stay.</summary>
    public static void Store(string file, BenchResult result)
    {
        var report = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) as JsonObject : null;
        report ??= [];
        var entry = new JsonObject
        {
            ["hauki"] = Round(result.Our),
            [result.PeerName] = result.HasPeer ? Round(result.Peer) : null,
            ["ratio"] = result.HasPeer ? Round(result.Ratio) : null,
            ["unit"] = result.Unit,
            ["ratioIs"] = result.RatioIsPeerOverOurs ? $"{result.PeerName} / hauki" : $"hauki / {result.PeerName}",
            ["conditions"] = result.Conditions,
            ["haukiRuns"] = new JsonArray([.. result.Ours.Select(value => (JsonNode)Round(value))]),
            [result.PeerName + "Runs"] = new JsonArray([.. result.Peers.Select(value => (JsonNode)Round(value))]),
        };
        foreach (var (name, value) in result.Details)
        {
            entry[name] = Round(value);
        }

        report[result.Name] = entry;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, report.ToJsonString(Indented) + "\n");
    }

    private static double Round(double value) => Math.Round(value, 4);
}
