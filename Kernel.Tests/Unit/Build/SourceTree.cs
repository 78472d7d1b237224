using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>The tree that these tests were built from, without anything that a build leaves behind.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> NotSource = ["bin", "obj", ".git", ".vs", "TestResults"];

    /// <summary>The top directory.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every source file, relative to the top, with forward slashes, in one order everywhere.</summary>
    public static IReadOnlyList<string> Files { get; } =
        Walk(Root).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal).ToList();

    /// <summary>The full path of a file of the tree.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Copies the sources somewhere else.</summary>
    public static void CopyTo(string directory)
    {
        foreach (string file in Files)
        {
            string target = Path.Combine(directory, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(PathOf(file), target);
        }
    }

    private static IEnumerable<string> Walk(string directory) =>
        Directory.GetFiles(directory).Concat(
            Directory.GetDirectories(directory)
                .Where(child => !NotSource.Contains(Path.GetFileName(child))).SelectMany(Walk))
            .Where(path => !NotSource.Contains(Path.GetFileName(path)));

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "HaukiOS.sln")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not lie in a HaukiOS tree.");
    }
}
