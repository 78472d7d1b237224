using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HaukiOS.Host.Peer;

/// <summary>
/// Fetches i386 packages with the host's own sources and keys, but into lists and caches of its own: no root
/// rights, and nothing of the host's package state is touched.
/// </summary>
internal sealed class PrivateApt
{
    private readonly string directory;
    private readonly string[] options;

    /// <summary>Uses a directory for everything.</summary>
    public PrivateApt(string directory)
    {
        this.directory = directory;
        System.IO.Directory.CreateDirectory(Path.Combine(directory, "state", "lists", "partial"));
        System.IO.Directory.CreateDirectory(Path.Combine(directory, "cache", "archives", "partial"));
        var status = Path.Combine(directory, "state", "status");
        File.WriteAllText(status, string.Empty);
        string[] settings =
        [
            $"Dir::State={Path.Combine(directory, "state")}", $"Dir::State::status={status}",
            $"Dir::Cache={Path.Combine(directory, "cache")}",
            "APT::Architecture=i386", "APT::Architectures=i386", "APT::Sandbox::User=",
            "Acquire::Languages=none", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            "Acquire::IndexTargets::deb::CNF::DefaultEnabled=false",
        ];
        options = [.. settings.SelectMany(setting => new[] { "-o", setting })];
    }

    /// <summary>
    /// Brings the lists up to date. One source that does not answer is no failure: another may have all.
    /// </summary>
    public void Update() => Tool.Try("apt-get", [.. options, "-q", "update"]);

    /// <summary>The first package that a package depends on.</summary>
    public string FirstDependency(string package)
    {
        var text = Tool.Run("apt-cache", [.. options, "depends", "--important", package]);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            const string mark = "Depends: ";
            if (line.StartsWith(mark, StringComparison.Ordinal))
            {
                return line[mark.Length..];
            }
        }

        throw new UserErrorException($"The package {package} is not in the lists; is there a source for i386?");
    }

    /// <summary>Downloads packages and unpacks them, all into one tree.</summary>
    /// <returns>The files' names, which hold the versions.</returns>
    public IReadOnlyList<string> Unpack(string tree, IEnumerable<string> packages)
    {
        // Names, not `apt-get download`: that command writes into the current directory, which is the person's.
        var names = new List<string>();
        foreach (var package in packages)
        {
            var listed = Tool.Run("apt-get", [.. options, "-q", "download", "--print-uris", package]);
            var parts = listed.Split('\n')[0].Split(' ');
            if (parts.Length < 3)
            {
                throw new UserErrorException($"The package {package} is not in the lists.");
            }

            names.Add(parts[1]);
        }

        Tool.Run("sh", ["-c", "cd \"$0\" && exec apt-get \"$@\"", directory, .. options, "-q", "download",
            .. packages]);
        foreach (var name in names)
        {
            Tool.Run("dpkg-deb", ["-x", Path.Combine(directory, name), tree]);
        }

        return names;
    }
}
