"""The currencies of ISO 4217 and how many decimals each one's minor unit is.

Source:
    ISO 4217, list one (active currencies).
"""

from decimal import Decimal

#: Codes by the number of decimals; funds, metals and test codes are left out.
_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD"
        " CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS"
        " GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP"
        " LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
        " NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS"
        " SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST"
        " XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

#: Far more than any amount has, far less than what takes long to compute with.
_MAX_EXPONENT = 40

#: Decimals of the minor unit by currency code.
MINOR_DECIMALS: dict[str, int] = {
    code: decimals for decimals, codes in _BY_DECIMALS.items() for code in codes.split()
}


def minor_units(currency: str) -> int:
    """
    Return how many decimals the currency's minor unit is.

    Raises:
        ValueError: There is no such currency.
    """
    decimals = MINOR_DECIMALS.get(currency)
    if decimals is None:
        raise ValueError(f"{currency!r} is no active currency of ISO 4217")
    return decimals


def to_minor(amount: Decimal, currency: str) -> int:
    """
    Return an amount of major units in minor units, exactly.

    Raises:
        ValueError: There is no such currency, or the amount has a part smaller
            than its minor unit.
    """
    decimals = minor_units(currency)
    # Before anything is computed with it: 1E+999999 has a million digits.
    if not amount.is_finite() or amount.adjusted() > _MAX_EXPONENT:
        raise ValueError(f"{amount} is no amount of money")
    scale: int = 10**decimals
    numerator, denominator = amount.as_integer_ratio()
    minor, rest = divmod(numerator * scale, denominator)
    if rest:
        raise ValueError(f"{amount} {currency} has more than {decimals} decimals")
    return minor


def major_text(amount_minor: int, currency: str) -> str:
    """
    Return an amount in major units as plain text, with all of the currency's decimals.

    A whole number where there is no such currency: points and counts have none.
    """
    decimals = MINOR_DECIMALS.get(currency, 0)
    sign = "-" if amount_minor < 0 else ""
    digits = str(abs(amount_minor)).rjust(decimals + 1, "0")
    point = len(digits) - decimals
    return f"{sign}{digits[:point]}.{digits[point:]}" if decimals else f"{sign}{digits}"
