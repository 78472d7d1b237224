using System;
using System.IO;

namespace HaukiOS.Host;

/// <summary>Where things lie in the tree of the project.</summary>
public sealed class Layout
{
    private Layout(string root) => Root = root;

    /// <summary>The top directory.</summary>
    public string Root { get; }

    /// <summary>Everything that is built for the machine.</summary>
    public string Output => Path.Combine(Root, "Iso", "bin");

    /// <summary>The CD.</summary>
    public string Iso => Path.Combine(Output, "hauki.iso");

    /// <summary>The kernel with its symbols.</summary>
    public string Kernel => Path.Combine(Output, "hauki.elf");

    /// <summary>The disk that <c>hauki run</c> gives the machine.</summary>
    public string Disk => Path.Combine(Output, "disk.img");

    /// <summary>The figures of the latest benchmarks.</summary>
    public string BenchReport => Path.Combine(Output, "bench.json");

    /// <summary>The Linux that benchmarks compare with.</summary>
    public string Peer => Path.Combine(Output, "peer");

    /// <summary>Looks for the tree upward of the current directory, then upward of this program.</summary>
    /// <exception cref="UserErrorException">Neither lies in it.</exception>
    public static Layout Find()
    {
        string[] starts = [Directory.GetCurrentDirectory(), AppContext.BaseDirectory];
        foreach (var start in starts)
        {
            for (var at = new DirectoryInfo(start); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Host", "hauki.csproj")))
                {
                    return new Layout(at.FullName);
                }
            }
        }

        throw new UserErrorException("Neither the current directory nor this program lies in a HaukiOS tree.");
    }

    /// <summary>The path of the CD, or a word on how to make it.</summary>
    /// <exception cref="UserErrorException">It has not been built.</exception>
    public string RequireIso() => File.Exists(Iso)
        ? Iso
        : throw new UserErrorException($"There is no {Iso}. Build it with: make iso");
}
