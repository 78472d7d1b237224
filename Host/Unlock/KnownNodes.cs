using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>
/// The nodes that the operator has recognised: a file of lines <c>ADDRESS:PORT FINGERPRINT</c>. Lines that begin with
/// <c>#</c> are the operator's own.
/// </summary>
public sealed class KnownNodes
{
    /// <summary>Nodes in a file, at most.</summary>
    public const int NodesMax = 10_000;

    private readonly List<string> lines;
    private readonly Dictionary<string, Fingerprint> pins;

    private KnownNodes(string file, List<string> lines, Dictionary<string, Fingerprint> pins)
    {
        File = file;
        this.lines = lines;
        this.pins = pins;
    }

    /// <summary>Where they are written down, if nobody says otherwise.</summary>
    public static string DefaultFile => Path.Combine(PrivateFile.Directory, "known-nodes");

    /// <summary>Where they are written down.</summary>
    public string File { get; }

    /// <summary>Reads the file; one that is not there knows nobody.</summary>
    /// <exception cref="UserErrorException">A line makes no sense: guessing would be dangerous.</exception>
    public static KnownNodes Load(string file)
    {
        List<string> lines = System.IO.File.Exists(file) ? [.. System.IO.File.ReadLines(file).Take(NodesMax + 1)] : [];
        if (lines.Count > NodesMax)
        {
            throw new UserErrorException($"{file} has more than {NodesMax} lines.");
        }

        var pins = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length != 2
                || !Fingerprint.TryParse(words[1], out var fingerprint)
                || !pins.TryAdd(words[0], fingerprint!))
            {
                throw new UserErrorException(
                    $"{file}, line {i + 1}: this is not ADDRESS:PORT FINGERPRINT, each node once.");
            }
        }

        return new KnownNodes(file, lines, pins);
    }

    /// <summary>The fingerprint pinned for a node; null if it is unknown.</summary>
    public Fingerprint? Find(NodeAddress node) => pins.GetValueOrDefault(node.ToString());

    /// <summary>The fingerprints pinned for a host, whatever the port.</summary>
    public IReadOnlyList<Fingerprint> FindAll(string host) =>
        [.. pins.Where(pin => pin.Key.StartsWith($"{host}:", StringComparison.Ordinal)).Select(pin => pin.Value)];

    /// <summary>Pins a node that was unknown.</summary>
    public void Pin(NodeAddress node, Fingerprint fingerprint)
    {
        pins.Add(node.ToString(), fingerprint);
        lines.Add($"{node} {fingerprint}");
        PrivateFile.Write(File, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }
}
