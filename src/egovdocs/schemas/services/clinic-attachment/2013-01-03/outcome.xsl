<?xml version="1.0" encoding="UTF-8"?>
<!-- Makes the attachment certificate from the signed request and the decision. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:com="urn:egovdocs:common:1" xmlns:req="urn:egovdocs:request:1"
                xmlns:cert="urn:egovdocs:certificate:1" exclude-result-prefixes="com req">
  <xsl:import href="../../common/2013-01-03/outcome.xsl"/>
  <xsl:variable name="prefix" select="'cert'"/>
  <xsl:variable name="namespace" select="'urn:egovdocs:certificate:1'"/>

  <xsl:template match="case">
    <cert:certificate>
      <xsl:call-template name="beginning"/>
      <cert:clinic>
        <xsl:apply-templates select="$request/req:choice/req:clinic" mode="copy">
          <xsl:with-param name="name" select="'code'"/>
        </xsl:apply-templates>
        <xsl:apply-templates select="$service/choice[@field = 'choice/clinic'][@value = $request/req:choice/req:clinic]" mode="bilingual">
          <xsl:with-param name="name" select="'name'"/>
        </xsl:apply-templates>
      </cert:clinic>
      <xsl:apply-templates select="$service/choice[@field = 'choice/reason'][@value = $request/req:choice/req:reason]" mode="bilingual">
        <xsl:with-param name="name" select="'reason'"/>
      </xsl:apply-templates>
      <xsl:apply-templates select="$decision/com:conditions" mode="copy"/>
      <xsl:call-template name="ending"/>
    </cert:certificate>
  </xsl:template>
</xsl:stylesheet>
