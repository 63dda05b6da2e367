<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes the reasoned refusal of any service. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:com="urn:egovdocs:common:1" xmlns:req="urn:egovdocs:request:1"
                xmlns:ref="urn:egovdocs:refusal:1" exclude-result-prefixes="com req">
  <xsl:import href="outcome.xsl"/>
  <xsl:variable name="prefix" select="'ref'"/>
  <xsl:variable name="namespace" select="'urn:egovdocs:refusal:1'"/>

  <xsl:template match="case">
    <ref:refusal>
      <xsl:apply-templates select="$request/req:service | $request/req:action" mode="copy"/>
      <xsl:apply-templates select="$decision/com:number | $decision/com:date | $decision/com:request" mode="copy"/>
      <xsl:apply-templates select="$request/req:applicant" mode="copy"/>
      <ref:grounds>
        <xsl:for-each select="$decision/com:grounds/com:ground">
          <ref:ground>
            <ref:code><xsl:value-of select="."/></ref:code>
            <xsl:apply-templates select="$service/ground[@code = current()]" mode="bilingual">
              <xsl:with-param name="name" select="'wording'"/>
            </xsl:apply-templates>
          </ref:ground>
        </xsl:for-each>
      </ref:grounds>
      <xsl:apply-templates select="$decision/com:reason" mode="copy"/>
      <xsl:call-template name="provider"/>
      <xsl:call-template name="signatory"/>
    </ref:refusal>
  </xsl:template>
</xsl:stylesheet>
