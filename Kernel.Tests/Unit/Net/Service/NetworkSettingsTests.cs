using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>What the operator may say about the network.</summary>
[TestFixture]
public sealed class NetworkSettingsTests
{
    [TestCase("off")]
    [TestCase("dhcp")]
    [TestCase("192.168.1.7/24")]
    [TestCase("192.168.1.7/24,192.168.1.1")]
    [TestCase("10.0.0.1/31")]
    [TestCase("10.0.0.1/32")]
    [TestCase("10.9.0.2/8,10.0.0.1")]
    public void What_is_read_is_written_again(string text)
    {
        Assert.That(NetworkSettings.TryParse(text, out NetworkSettings settings, out string? problem), problem);
        Assert.That(settings.ToString(), Is.EqualTo(text));
        Assert.That(problem, Is.Null);
    }

    [TestCase("", "say off, dhcp")]
    [TestCase("on", "say off, dhcp")]
    [TestCase("DHCP", "say off, dhcp")]
    [TestCase("192.168.1.7", "say off, dhcp")]
    [TestCase("192.168.1/24", "the address is not")]
    [TestCase("192.168.1.256/24", "the address is not")]
    [TestCase("/24", "the address is not")]
    [TestCase("192.168.1.7/", "the prefix length")]
    [TestCase("192.168.1.7/33", "the prefix length")]
    [TestCase("192.168.1.7/0", "the prefix length")]
    [TestCase("192.168.1.7/024", "the prefix length")]
    [TestCase("192.168.1.7/2 4", "the prefix length")]
    [TestCase("192.168.1.7/24,", "the gateway is not four")]
    [TestCase("192.168.1.7/24,router", "the gateway is not four")]
    [TestCase("192.168.1.7/24,192.168.2.1", "the gateway is not another host")]
    [TestCase("192.168.1.7/24,192.168.1.7", "the gateway is not another host")]
    [TestCase("192.168.1.7/24,192.168.1.255", "the gateway is not another host")]
    [TestCase("192.168.1.0/24", "no host")]
    [TestCase("192.168.1.255/24", "no host")]
    [TestCase("127.0.0.1/8", "no host")]
    [TestCase("224.0.0.5/24", "no host")]
    [TestCase("0.0.0.0/24", "no host")]
    [TestCase("1,2/24", "")]
    public void Nonsense_is_refused_with_a_reason(string text, string reason)
    {
        Assert.That(NetworkSettings.TryParse(text, out NetworkSettings settings, out string? problem), Is.False);
        Assert.That(problem, Does.Contain(reason));
        Assert.That(settings, Is.EqualTo(NetworkSettings.Off));
    }
}
