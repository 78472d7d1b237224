using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HaukiOS.Host.Network;

/// <summary>Looks for the programs that play the real Linux, and names the packages of those that lack.</summary>
public static class MissingTool
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["ip"] = "iproute2",
        ["ping"] = "iputils-ping",
        ["arping"] = "arping",
        ["iperf3"] = "iperf3",
        ["nmap"] = "nmap",
        ["tcpdump"] = "tcpdump",
        ["udhcpd"] = "udhcpd",
        ["bochs"] = "bochs bochs-term bochsbios vgabios",
    };

    private static readonly string[] Places =
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>What to install for these programs; null when all of them are there.</summary>
    public static string? Sentence(params IEnumerable<string> programs)
    {
        var missing = programs.Where(static program => !Places.Any(place => File.Exists(Path.Combine(place, program))))
            .Select(static program => Packages.GetValueOrDefault(program, program)).Distinct().ToList();
        return missing.Count == 0 ? null : $"On Debian, as root: apt-get install {string.Join(' ', missing)}";
    }
}
