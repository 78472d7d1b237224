namespace HaukiOS.Net;

/// <summary>Where the node's address comes from.</summary>
public enum AddressSource
{
    /// <summary>It has none and says nothing on the wire.</summary>
    Off,

    /// <summary>From a server (RFC 2131).</summary>
    Dhcp,

    /// <summary>It was told.</summary>
    Fixed,
}

/// <summary>
/// What the operator wants of the network, in the one form that the kernel's command line, the console and the disk
/// use: <c>off</c>, <c>dhcp</c>, <c>ADDRESS/PREFIX</c> or <c>ADDRESS/PREFIX,GATEWAY</c>.
/// </summary>
/// <param name="Source">Where the address comes from.</param>
/// <param name="Configuration">The address, if it is fixed.</param>
public sealed record NetworkSettings(AddressSource Source, InterfaceConfiguration Configuration)
{
    /// <summary>No network.</summary>
    public static readonly NetworkSettings Off = new(AddressSource.Off, default);

    /// <summary>An address from a server.</summary>
    public static readonly NetworkSettings Dhcp = new(AddressSource.Dhcp, default);

    /// <summary>Reads the form above, and nothing else.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="settings">What it says; <see cref="Off"/> if it says nothing.</param>
    /// <param name="problem">Null, or what is wrong with it, for the end of a sentence.</param>
    public static bool TryParse(string text, out NetworkSettings settings, out string? problem)
    {
        settings = text == "dhcp" ? Dhcp : Off;
        problem = null;
        if (text is "off" or "dhcp")
        {
            return true;
        }

        int slash = text.IndexOf('/');
        if (slash < 0)
        {
            problem = "say off, dhcp or an address with its prefix length, such as 192.168.1.7/24";
            return false;
        }

        int comma = text.IndexOf(',');
        int end = comma < 0 ? text.Length : comma;
        Ipv4Address gateway = Ipv4Address.Any;
        if (!Ipv4Address.TryParse(text.Substring(0, slash), out Ipv4Address address))
        {
            problem = "the address is not four numbers from 0 to 255 with dots between";
        }
        else if (end < slash || !TryParsePrefix(text.Substring(slash + 1, end - slash - 1), out int prefix))
        {
            problem = "the prefix length is not a number from 1 to 32";
        }
        else if (comma >= 0 && !Ipv4Address.TryParse(text.Substring(comma + 1), out gateway))
        {
            problem = "the gateway is not four numbers from 0 to 255 with dots between";
        }
        else
        {
            var configuration = new InterfaceConfiguration(address, prefix, gateway);
            problem = Judge(configuration);
            settings = problem is null ? new NetworkSettings(AddressSource.Fixed, configuration) : Off;
        }

        return problem is null;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Source switch
    {
        AddressSource.Off => "off",
        AddressSource.Dhcp => "dhcp",
        _ => $"{Configuration.Address}/{Configuration.PrefixLength}"
            + (Configuration.Gateway == Ipv4Address.Any ? string.Empty : $",{Configuration.Gateway}"),
    };

    private static string? Judge(in InterfaceConfiguration configuration)
    {
        if (configuration.IsValid)
        {
            return null;
        }

        InterfaceConfiguration alone = configuration with { Gateway = Ipv4Address.Any };
        return alone.IsValid
            ? "the gateway is not another host of the same network"
            : "no host can have that address";
    }

    private static bool TryParsePrefix(string text, out int prefix)
    {
        prefix = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            prefix = (prefix * 10) + c - '0';
        }

        return text.Length is 1 or 2 && text[0] != '0' && prefix <= 32;
    }
}
