using System;
using System.IO;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>The build itself, run as a person runs it, in a directory of its own.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class CleanBuildTests
{
    private Scratch scratch = null!;

    /// <summary>Builds a copy of the tree, and puts aside what came out.</summary>
    [OneTimeSetUp]
    public void BuildACopy()
    {
        scratch = new Scratch();
        SourceTree.CopyTo(scratch.Path);
        (int exitCode, string output) = Build();
        Assert.That(exitCode, Is.Zero, output);
        File.Move(scratch.File("Iso/bin/hauki.elf"), scratch.File("clean.elf"));
        File.Move(scratch.File("Iso/bin/hauki.iso"), scratch.File("clean.iso"));
    }

    /// <summary>Removes the copy.</summary>
    [OneTimeTearDown]
    public void Remove() => scratch?.Dispose();

    [Test]
    public void A_clean_build_in_another_directory_gives_the_bytes_of_this_one()
    {
        AssertSame(BuiltImage.ElfPath, scratch.File("clean.elf"));
        AssertSame(BuiltImage.IsoPath, scratch.File("clean.iso"));
    }

    [Test]
    public void A_call_of_something_the_core_library_lacks_fails_the_build_and_names_the_caller()
    {
        File.WriteAllText(scratch.File("Kernel/Wisher.cs"), """
            namespace HaukiOS;

            /// <summary>Wants too much.</summary>
            public static class Wisher
            {
                /// <summary>Waits for others, of whom there are none.</summary>
                public static object Wish() => new System.Threading.Barrier(2);
            }
            """);
        string program = scratch.File("Iso/Program.cs");
        string source = File.ReadAllText(program);
        const string Start = "[RuntimeExport(\"KernelMain\")]";
        Assert.That(source, Does.Contain(Start));
        File.WriteAllText(program, source.Replace(
            Start, "[RuntimeExport(\"Wish\")] private static object Wish() => HaukiOS.Wisher.Wish();\n    " + Start,
            StringComparison.Ordinal));

        (int exitCode, string output) = Build();

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("HaukiOS.Wisher.Wish()").And.Contain("System.Threading.Barrier"));
        Assert.That(File.Exists(scratch.File("Iso/bin/hauki.elf")), Is.False);
    }

    private (int ExitCode, string Output) Build() =>
        scratch.Run("dotnet", "build", "Iso/HaukiOS.Image.csproj", "-c", "Release", "-nologo", "-tl:off", "-v:minimal");

    private static void AssertSame(string here, string there)
    {
        byte[] a = File.ReadAllBytes(here);
        byte[] b = File.ReadAllBytes(there);
        int common = a.AsSpan().CommonPrefixLength(b);
        Assert.That(
            a.Length == b.Length && common == a.Length,
            $"{Path.GetFileName(here)}: {a.Length} and {b.Length} bytes, different from byte {common} on");
    }
}
