namespace System.Text;

/// <summary>Normal forms of Unicode text.</summary>
public enum NormalizationForm
{
    FormC = 1,
    FormD = 2,
    FormKC = 5,
    FormKD = 6,
}

/// <summary>
/// Under the invariant culture .NET takes all text for normalized, and so does the house: what needs decomposition
/// carries its own, versioned table.
/// </summary>
internal static class Normalization
{
    internal static string Normalize(string text, NormalizationForm form)
    {
        if (form is not (NormalizationForm.FormC or NormalizationForm.FormD
            or NormalizationForm.FormKC or NormalizationForm.FormKD))
        {
            throw new ArgumentException("Invalid normalization form.", nameof(form));
        }

        return text;
    }
}
