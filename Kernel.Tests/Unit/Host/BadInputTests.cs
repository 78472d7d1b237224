using System.IO;
using HaukiOS.Host.Unlock;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>What is typed wrongly is told in a sentence, before anything is started or anybody asked.</summary>
[TestFixture]
[NonParallelizable]
public sealed class BadInputTests
{
    private const string LongCode = "0123-4567-89AB-CDEF-0123-4567-89AB-CDEF-0123-4567-89AB-CDEF-0123-4567-89AB-CDEF";

    [TestCase("migrate 10.0.0.1 nowhere", "'nowhere' is no address: say TARGET as that machine shows it.")]
    [TestCase("migrate a:b:c 10.0.0.2", "'a:b:c' is no address of a node")]
    [TestCase("migrate 10.0.0.1 10.0.0.2 --downtime 0", "--downtime is from 1 to 60000 ms.")]
    [TestCase("migrate 10.0.0.1 10.0.0.2 --downtime -1", "--downtime is from 1 to 60000 ms.")]
    [TestCase("migrate 10.0.0.1 10.0.0.2 --downtime 1000000000", "--downtime is from 1 to 60000 ms.")]
    [TestCase("migrate 10.0.0.1 10.0.0.2 --code nonsense", "'nonsense' is no pairing code; it has 16 letters")]
    [TestCase("migrate 10.0.0.1 10.0.0.2 --code " + LongCode, "is no pairing code; it has 16 letters")]
    [TestCase("migrate 10.0.0.1 10.0.0.2 --bandwidth 3", "--bandwidth goes with --qemu.")]
    [TestCase("migrate --qemu /nope /nope --bandwidth 0", "--bandwidth is 1 or more.")]
    [TestCase("migrate --qemu /nope /nope --downtime -3", "--downtime is 1 or more.")]
    [TestCase("teleport --moves 0", "--moves is 1 or more, and --load 0 or more.")]
    [TestCase("teleport --load -5", "--moves is 1 or more, and --load 0 or more.")]
    [TestCase("teleport --downtime 5", "--downtime goes with --qemu.")]
    [TestCase("teleport --from x", "'x' is no machine; say something like rtl8139:64.")]
    [TestCase("teleport --to rtl8139:0", "'rtl8139:0' is no machine; say something like rtl8139:64.")]
    public void A_wrong_word_is_a_sentence(string line, string sentence)
    {
        TextWriter usual = System.Console.Error;
        var said = new StringWriter();
        System.Console.SetError(said);
        try
        {
            object? code = typeof(NodeAddress).Assembly.EntryPoint!.Invoke(null, [line.Split(' ')]);
            Assert.That(code, Is.EqualTo(2), said.ToString());
        }
        finally
        {
            System.Console.SetError(usual);
        }

        Assert.That(said.ToString(), Does.StartWith("hauki: ").And.Contains(sentence));
        Assert.That(said.ToString().TrimEnd(), Does.Not.Contain("\n"));
    }
}
