using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using HaukiOS.Tests.Unit.Build;
using NUnit.Framework;

namespace HaukiOS.Tests.Tree;

/// <summary>build.ps1, executed by PowerShell's own engine.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class PowerShellTests
{
    private static readonly string[] Verbs =
        ["build", "iso", "run", "test", "bench", "soak", "teleport", "debug", "deps", "clean"];

    [Test]
    public void Help_names_every_verb()
    {
        (IReadOnlyList<string> output, _) = Run("help");

        foreach (string verb in Verbs)
        {
            Assert.That(output, Has.Some.Contains(verb));
        }
    }

    [Test]
    public void An_unknown_verb_is_refused()
    {
        Assert.That(() => Run("dance"), Throws.InstanceOf<RuntimeException>().With.Message.Contains("dance"));
    }

    [Test]
    public void Iso_builds_the_CD()
    {
        DateTime before = System.IO.File.GetLastWriteTimeUtc(BuiltImage.IsoPath);

        (IReadOnlyList<string> output, IReadOnlyList<string> errors) = Run("iso");

        Assert.That(errors, Is.Empty);
        Assert.That(output, Has.Some.Contains("HaukiOS.Image"));
        Assert.That(System.IO.File.GetLastWriteTimeUtc(BuiltImage.IsoPath), Is.GreaterThanOrEqualTo(before));
    }

    [Test]
    public void What_if_only_talks()
    {
        (IReadOnlyList<string> output, IReadOnlyList<string> errors) = Run("iso", whatIf: true);

        Assert.That(errors, Is.Empty);
        Assert.That(output, Has.None.Contains("HaukiOS.Image ->"));
    }

    private static (IReadOnlyList<string> Output, IReadOnlyList<string> Errors) Run(string verb, bool whatIf = false)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand(SourceTree.PathOf("build.ps1")).AddArgument(verb);
        if (whatIf)
        {
            shell.AddParameter("WhatIf");
        }

        List<string> output = shell.Invoke().Select(item => item?.ToString() ?? "").ToList();
        return (output, shell.Streams.Error.Select(error => error.ToString()).ToList());
    }
}
